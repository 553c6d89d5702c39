using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace NativeVm.Testing;

/// <summary>
/// The scenarios of an assembly, found by reflection, and what is missing among them: so that an operation that is new
/// cannot be forgotten.
/// </summary>
/// <remarks>
/// A test that asserts that <see cref="FindUncovered(Assembly)"/> is empty fails as soon as a public operation is
/// neither covered by an act nor exempt for a reason.
/// </remarks>
[RequiresUnreferencedCode("Finds scenarios and operations by reflection over whole assemblies.")]
public sealed class FaultCatalog
{
    private readonly List<FaultAct> _acts = [];
    private readonly List<CannotReachSystemAttribute> _exemptions = [];

    private FaultCatalog()
    {
    }

    /// <summary>The acts of all scenarios, in the order of their names.</summary>
    public IReadOnlyList<FaultAct> Acts => _acts;

    /// <summary>Different public operations that acts cover.</summary>
    public int CoveredCount => Books([]).Sum(static book => book.CoveredCount);

    /// <summary>A catalog of given scenarios, with the exemptions that their classes carry.</summary>
    /// <param name="scenarios">The scenarios.</param>
    /// <exception cref="FaultSweepException">A method with <see cref="CoversAttribute"/> cannot be an act.</exception>
    public static FaultCatalog Of(params IEnumerable<FaultScenario> scenarios)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        FaultCatalog catalog = new();
        foreach (FaultScenario scenario in scenarios)
        {
            catalog._exemptions.AddRange(scenario.GetType().GetCustomAttributes<CannotReachSystemAttribute>(false));
            catalog.Add(scenario);
        }

        return catalog;
    }

    /// <summary>Finds the scenarios and the exemptions of an assembly.</summary>
    /// <param name="scenarios">
    /// Where the scenarios are; they need not be public, but those that need arguments to be made are passed over.
    /// </param>
    /// <exception cref="FaultSweepException">A method with <see cref="CoversAttribute"/> cannot be an act.</exception>
    public static FaultCatalog Find(Assembly scenarios)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        FaultCatalog catalog = new();
        catalog._exemptions.AddRange(scenarios.GetCustomAttributes<CannotReachSystemAttribute>());
        foreach (Type type in scenarios.GetTypes())
        {
            catalog._exemptions.AddRange(type.GetCustomAttributes<CannotReachSystemAttribute>(false));
            if (type.IsAssignableTo(typeof(FaultScenario)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
            {
                catalog.Add((FaultScenario)Activator.CreateInstance(type)!);
            }
        }

        catalog._acts.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return catalog;
    }

    /// <summary>What is wrong with the coverage of all public types of an assembly; empty when nothing is.</summary>
    /// <param name="operations">The assembly under test.</param>
    /// <returns>
    /// A line for each operation that is neither covered nor exempt, and for each claim that is void: of an operation
    /// that is not there, that is overloaded, or that is both covered and exempt.
    /// </returns>
    public IReadOnlyList<string> FindUncovered(Assembly operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return FindUncovered(operations.GetExportedTypes().Where(OperationNames.CanHaveOperations));
    }

    /// <summary>What is wrong with the coverage of some types; empty when nothing is.</summary>
    /// <param name="operations">The types under test.</param>
    /// <returns>As for an assembly.</returns>
    public IReadOnlyList<string> FindUncovered(IEnumerable<Type> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return [.. Books(operations).SelectMany(static book => book.Complaints())];
    }

    private Dictionary<Type, OperationBook>.ValueCollection Books(IEnumerable<Type> types)
    {
        Dictionary<Type, OperationBook> books = [];
        foreach (Type type in types)
        {
            BookOf(books, type);
        }

        bool isForAll = books.Count == 0;
        foreach (FaultAct act in _acts)
        {
            foreach (CoversAttribute covers in act.Covers.Where(covers => isForAll || books.ContainsKey(covers.Type)))
            {
                foreach (string member in covers.Members)
                {
                    BookOf(books, covers.Type).Cover(member, act.Name);
                }
            }
        }

        foreach (CannotReachSystemAttribute exemption in _exemptions.Where(exemption => books.ContainsKey(exemption.Type)))
        {
            foreach (string member in exemption.Members)
            {
                BookOf(books, exemption.Type).Exempt(member, "An exemption");
            }

            if (exemption.Members.Count == 0)
            {
                BookOf(books, exemption.Type).ExemptAll();
            }
        }

        return books.Values;
    }

    private static OperationBook BookOf(Dictionary<Type, OperationBook> books, Type type)
    {
        if (!books.TryGetValue(type, out OperationBook? book))
        {
            book = new OperationBook(type);
            books.Add(type, book);
        }

        return book;
    }

    private void Add(FaultScenario scenario)
    {
        foreach (MethodInfo method in scenario.GetType().GetMethods(
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy))
        {
            if (!method.IsDefined(typeof(CoversAttribute), true))
            {
                continue;
            }

            if (method.ReturnType != typeof(bool) || method.GetParameters().Length != 1)
            {
                throw new FaultSweepException(
                    $"{scenario.GetType().Name}.{method.Name} is no act: an act takes the state and returns a bool.");
            }

            _acts.Add(new FaultAct(scenario, method));
        }
    }
}
