using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace NativeVm.Testing;

/// <summary>Which public members of a type are operations, and how they are written.</summary>
/// <remarks>
/// An operation is a constructor, a method, or a property whose value is a pointer to a function. Other properties,
/// what every object has, operators and what the compiler makes for records are none; neither are the constructors of a
/// type that has nothing else, which is data.
/// </remarks>
internal static class OperationNames
{
    private const string Constructor = "new";
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(void)] = "void",
    };

    public static bool CanHaveOperations(Type type) =>
        type.IsVisible
        && (type.IsClass || type.IsValueType)
        && !type.IsEnum
        && !type.IsAssignableTo(typeof(Delegate))
        && !type.IsAssignableTo(typeof(Attribute))
        && !type.IsAssignableTo(typeof(Exception));

    [RequiresUnreferencedCode("Looks at all public members of the type.")]
    public static IReadOnlyList<OperationName> Of(Type type)
    {
        List<OperationName> operations = [];
        foreach (MethodInfo method in type.GetMethods(Declared))
        {
            if (!method.IsSpecialName
                && method.GetBaseDefinition().DeclaringType != typeof(object)
                && !method.IsDefined(typeof(CompilerGeneratedAttribute), false))
            {
                operations.Add(new OperationName(method.Name, Signature(method.Name, method)));
            }
        }

        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            if (property.PropertyType.IsFunctionPointer)
            {
                operations.Add(new OperationName(property.Name, property.Name));
            }
        }

        if (operations.Count > 0 && !type.IsAbstract)
        {
            operations.AddRange(type.GetConstructors().Select(
                static constructor => new OperationName(Constructor, Signature(Constructor, constructor))));
        }

        return operations;
    }

    [RequiresUnreferencedCode("Looks at all public members of the type.")]
    public static bool HasMember(Type type, string name) => type.GetMember(name, Declared).Length > 0;

    public static string NameOf(Type type)
    {
        if (type.IsByRef)
        {
            return NameOf(type.GetElementType()!);
        }

        if (type.IsPointer)
        {
            return NameOf(type.GetElementType()!) + "*";
        }

        if (type.IsArray)
        {
            return NameOf(type.GetElementType()!) + "[]";
        }

        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        string name = type.IsNested && !type.IsGenericParameter ? $"{NameOf(type.DeclaringType!)}.{type.Name}" : type.Name;
        int arity = name.IndexOf('`', StringComparison.Ordinal);
        name = arity < 0 ? name : name[..arity];
        return type.IsGenericType && !type.IsNested
            ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : name;
    }

    private static string Signature(string name, MethodBase method) =>
        $"{name}({string.Join(", ", method.GetParameters().Select(static parameter => NameOf(parameter.ParameterType)))})";
}
