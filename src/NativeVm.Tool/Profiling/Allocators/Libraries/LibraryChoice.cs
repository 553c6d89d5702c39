using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators.Libraries;

/// <summary>Finds out which of the allocators that the command line names are malloc libraries.</summary>
internal static class LibraryChoice
{
    /// <summary>The settings with the libraries that take part, and all allocators by their names.</summary>
    /// <param name="workloads">The workloads; empty for all.</param>
    /// <param name="settings">The settings as the command line has them.</param>
    /// <exception cref="ToolException">An allocator is neither known nor a library that can be used.</exception>
    public static ProfileSettings Resolve(IReadOnlyList<string> workloads, ProfileSettings settings)
    {
        if (settings.Allocators.Count == 0)
        {
            // Unasked, what does not load does not take part.
            IReadOnlyList<string?> missing = LibraryProbe.Try(LibraryName.WellKnown, settings);
            return settings with { Libraries = [.. LibraryName.WellKnown.Where((_, i) => missing[i] is null)] };
        }

        string[] known = [.. ProfilePlan.Create(workloads, settings with { Allocators = [] })
            .SelectMany(one => one.Lanes)
            .Select(lane => lane.Allocator)
            .Concat(AllocatorRegistry.BuiltIn.Select(source => source.Name))
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        LibraryName?[] choices = [.. settings.Allocators.Select(text =>
            known.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : LibraryName.Parse(text))];
        LibraryName[] libraries = [.. choices.OfType<LibraryName>().DistinctBy(library => library.Name, StringComparer.OrdinalIgnoreCase)];
        LibraryName? taken = Array.Find(libraries, library => known.Contains(library.Name, StringComparer.OrdinalIgnoreCase));
        if (taken is not null)
        {
            throw ToolException.BadInput($"an allocator is called '{taken.Name}' already; give the library another name.");
        }

        IReadOnlyList<string?> reasons = LibraryProbe.Try(libraries, settings);
        for (int i = 0; i < libraries.Length; i++)
        {
            if (reasons[i] is { } reason)
            {
                throw ToolException.BadInput(libraries[i].Path is null
                    ? $"no allocator is called '{libraries[i].Name}' ({string.Join(", ", known)}), and {reason}"
                    : $"{libraries[i].Name} cannot be used: {reason}");
            }
        }

        return settings with
        {
            Libraries = libraries,
            Allocators = [.. settings.Allocators.Select((text, i) => choices[i]?.Name ?? text)],
        };
    }
}
