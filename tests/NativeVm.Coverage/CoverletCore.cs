using System.Reflection;
using System.Runtime.Loader;

namespace NativeVm.Coverage;

/// <summary>
/// Coverlet's core, which has no public surface: its types are named here, in the one version that the build pins, and
/// a name that is gone fails at once.
/// </summary>
internal static class CoverletCore
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "coverlet");
    private static readonly Assembly Core = Load();

    /// <summary>A type by the end of its full name.</summary>
    public static Type Type(string name) =>
        Core.GetType("Coverlet.Core." + name) ?? throw new InvalidOperationException($"Coverlet has no {name} any more.");

    /// <summary>Makes an object by the constructor that takes these arguments.</summary>
    public static object New(string type, params object?[] arguments) =>
        Activator.CreateInstance(Type(type), arguments) ?? throw new InvalidOperationException(type);

    /// <summary>Calls a method that has but one form.</summary>
    public static object? Call(object target, string method, params object?[] arguments)
    {
        MethodInfo found = target.GetType().GetMethod(method)
            ?? throw new InvalidOperationException($"{target.GetType()} has no {method} any more.");
        return found.Invoke(target, arguments);
    }

    /// <summary>Sets a property.</summary>
    public static void Set(object target, string property, object value)
    {
        PropertyInfo found = target.GetType().GetProperty(property)
            ?? throw new InvalidOperationException($"{target.GetType()} has no {property} any more.");
        found.SetValue(target, value);
    }

    /// <summary>Makes the logger that it wants; what goes wrong is shown, the rest is dropped.</summary>
    public static object NewLogger() =>
        typeof(DispatchProxy)
            .GetMethod(nameof(DispatchProxy.Create), 2, [])!
            .MakeGenericMethod(Type("Abstractions.ILogger"), typeof(ConsoleLogger))
            .Invoke(null, null)!;

    private static Assembly Load()
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
        {
            string path = Path.Combine(Folder, name.Name + ".dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        };
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(Folder, "coverlet.core.dll"));
    }
}
