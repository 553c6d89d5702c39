namespace NativeVm.Testing;

/// <summary>
/// On a public method of a <see cref="FaultScenario{TState}"/>: the method is an act to be swept, and it covers these
/// public operations.
/// </summary>
/// <param name="type">The type that has the operations.</param>
/// <param name="members">
/// Their names, <c>new</c> for a constructor; of an overloaded one its signature as <see cref="FaultCatalog"/> writes
/// it, for example <c>Find(SpaceRequest, VmEntryAttributes, nuint)</c>, so that one overload does not pass for another.
/// </param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CoversAttribute(Type type, params string[] members) : Attribute
{
    /// <summary>The type that has the operations.</summary>
    public Type Type => type;

    /// <summary>Names or signatures.</summary>
    public IReadOnlyList<string> Members => members;
}
