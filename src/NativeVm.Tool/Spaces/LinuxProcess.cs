using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Spaces;

/// <summary>A process of Linux, seen through <c>/proc</c>.</summary>
internal sealed class LinuxProcess : ISpaceSource
{
    private readonly string _folder;
    private readonly int _processId;

    /// <summary>A process that exists.</summary>
    /// <param name="processId">Its number.</param>
    /// <exception cref="ToolException">There is none of that number.</exception>
    public LinuxProcess(int processId)
    {
        _processId = processId;
        _folder = $"/proc/{processId}";
        if (!Directory.Exists(_folder))
        {
            throw ToolException.BadInput($"there is no process {processId}.");
        }
    }

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public AddressSpace? TryRead()
    {
        try
        {
            // Without smaps in the kernel there are still the mappings.
            bool hasResidency = File.Exists($"{_folder}/smaps");
            using StreamReader text = new($"{_folder}/{(hasResidency ? "smaps" : "maps")}");
            List<SpaceRegion> regions = SmapsReader.Read(text);
            string name = File.ReadAllText($"{_folder}/comm").Trim();
            if (regions.Count == 0 && HasNoMemory())
            {
                return null;
            }

            return regions.Count != 0
                ? new AddressSpace($"{name} ({_processId})", regions, hasResidency)
                : throw ToolException.BadInput($"process {_processId} ({name}) is the kernel's own and maps nothing.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw ToolException.Failure(
                $"process {_processId} may not be read: permission denied; look at it as its owner or as root.", e);
        }
        catch (IOException) when (!Directory.Exists(_folder) || HasNoMemory())
        {
            return null;
        }
        catch (IOException e)
        {
            throw ToolException.Failure($"process {_processId} cannot be read: {e.Message}", e);
        }
    }

    // A zombie has ended; its parent has not taken note.
    private bool HasNoMemory()
    {
        try
        {
            string status = File.ReadAllText($"{_folder}/status");
            return status.Contains("\nState:\tZ", StringComparison.Ordinal)
                || status.Contains("\nState:\tX", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
