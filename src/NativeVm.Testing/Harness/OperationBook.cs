using System.Diagnostics.CodeAnalysis;

namespace NativeVm.Testing;

/// <summary>The operations of one type and which of them are covered or exempt; keeps what is wrong with the claims.</summary>
[RequiresUnreferencedCode("Looks at all public members of the type.")]
internal sealed class OperationBook(Type type)
{
    private readonly IReadOnlyList<OperationName> _operations = OperationNames.Of(type);
    private readonly HashSet<string> _covered = [];
    private readonly HashSet<string> _exempt = [];
    private readonly List<string> _defects = [];

    private string TypeName => OperationNames.NameOf(type);

    public int CoveredCount => _covered.Count;

    public int ExemptCount => _exempt.Count;

    public void Cover(string member, string claimant) => Enter(member, claimant, _covered, _exempt);

    public void Exempt(string member, string claimant) => Enter(member, claimant, _exempt, _covered);

    public void ExemptAll() => _exempt.UnionWith(_operations.Select(static operation => operation.Signature).Except(_covered));

    /// <summary>What is wrong with the claims, then the operations that nobody claims.</summary>
    public IEnumerable<string> Complaints() => _defects.Concat(
        _operations
            .Where(operation => !_covered.Contains(operation.Signature) && !_exempt.Contains(operation.Signature))
            .Select(operation => $"{TypeName}.{operation.Signature} is neither covered by a scenario nor exempt."));

    private void Enter(string member, string claimant, HashSet<string> own, HashSet<string> other)
    {
        string[] matches = [.. _operations
            .Where(operation => operation.Signature == member || operation.Name == member)
            .Select(static operation => operation.Signature)];
        if (matches.Length > 1)
        {
            _defects.Add($"{claimant} names {TypeName}.{member}, which is overloaded: {string.Join("; ", matches)}. Say which.");
        }
        else if (matches.Length == 0 && !OperationNames.HasMember(type, member))
        {
            _defects.Add($"{claimant} names {TypeName}.{member}, which is not there.");
        }

        // A property is no operation that must be covered, but it may be.
        foreach (string signature in matches.Length == 0 ? [member] : matches)
        {
            own.Add(signature);
            if (other.Contains(signature))
            {
                _defects.Add($"{claimant} names {TypeName}.{signature}, which is both covered and exempt.");
            }
        }
    }
}
