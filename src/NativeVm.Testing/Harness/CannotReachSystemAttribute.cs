namespace NativeVm.Testing;

/// <summary>
/// On the assembly or a class of the scenarios: these public operations never ask the system for anything, so there is
/// nothing to refuse, and no scenario is missing.
/// </summary>
/// <param name="type">The type that has the operations.</param>
/// <param name="reason">Why they cannot reach the system.</param>
/// <param name="members">
/// Their names or signatures, as in <see cref="CoversAttribute"/>; none for all that the type has and will have.
/// </param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class CannotReachSystemAttribute(Type type, string reason, params string[] members) : Attribute
{
    /// <summary>The type that has the operations.</summary>
    public Type Type => type;

    /// <summary>Why they cannot reach the system.</summary>
    public string Reason => reason;

    /// <summary>Names or signatures; empty for the whole type.</summary>
    public IReadOnlyList<string> Members => members;
}
