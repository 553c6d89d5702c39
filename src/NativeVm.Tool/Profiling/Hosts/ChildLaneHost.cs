using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>A lane in a process of its own (<see cref="LaneServer"/>).</summary>
/// <remarks>
/// A process that does not answer in time is ended, so that no library can hold a profile up: its pipe breaks, and
/// the lane is lost.
/// </remarks>
internal sealed class ChildLaneHost : ILaneHost
{
    private const int KilledBySignal = 128;
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience;
    private readonly Process _process;
    private readonly BinaryWriter _orders;
    private readonly BinaryReader _answers;
    private readonly Timer _watchdog;
    private bool _isLate;

    /// <summary>Starts the process; it makes the lane while this one goes on.</summary>
    /// <param name="request">The lane.</param>
    /// <param name="patience">How long an answer may take; null for a minute.</param>
    /// <exception cref="LaneLostException">The process does not start.</exception>
    public ChildLaneHost(LaneRequest request, TimeSpan? patience = null)
    {
        _patience = patience ?? UsualPatience;
        ProcessStartInfo start = SelfProcess.Start(LaneServer.Switch);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        LibraryRoom.AddTo(start);

        // Methods are compiled anew as soon as they are known to be hot, not when nothing was compiled for 100 ms.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        try
        {
            _process = Process.Start(start) ?? throw new LaneLostException("its process did not start.");
        }
        catch (Win32Exception e)
        {
            throw new LaneLostException($"its process did not start: {e.Message}", e);
        }

        // What a library or the runtime says at its end on standard error is not for the reader of a table.
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _orders = new BinaryWriter(_process.StandardInput.BaseStream);
        _answers = new BinaryReader(new BufferedStream(_process.StandardOutput.BaseStream, 1 << 16));
        _watchdog = new Timer(_ => End(isLate: true));
        Send(() => _orders.Write(JsonSerializer.Serialize(request, ToolJsonContext.Default.LaneRequest)));
    }

    /// <inheritdoc/>
    public double? BytesPerEntry { get; private set; }

    /// <inheritdoc/>
    public bool IsTimedSingly { get; private set; }

    /// <inheritdoc/>
    public long BatchSize { get; private set; } = 1;

    /// <inheritdoc/>
    public void WaitUntilReady()
    {
        (double bytesPerEntry, IsTimedSingly) = Receive(() => (_answers.ReadDouble(), _answers.ReadBoolean()));
        BytesPerEntry = double.IsNaN(bytesPerEntry) ? null : bytesPerEntry;
    }

    /// <inheritdoc/>
    public void WarmUp()
    {
        Send(() => _orders.Write(LaneWire.WarmUp));
        BatchSize = Receive(_answers.ReadInt64);
    }

    /// <inheritdoc/>
    public LaneSlice Run(TimeSpan length)
    {
        Send(() =>
        {
            _orders.Write(LaneWire.Run);
            _orders.Write(length.TotalSeconds);
        });
        return Receive(() => LaneWire.ReadSlice(_answers));
    }

    /// <summary>Ends the process: in peace if it likes.</summary>
    public void Dispose()
    {
        _watchdog.Dispose();
        try
        {
            _orders.Dispose();
        }
        catch (IOException)
        {
            // The process is gone already; that is what is wanted.
            _isLate = false;
        }

        if (!_process.WaitForExit(TimeToEnd))
        {
            End(isLate: false);
        }

        _answers.Dispose();
        _process.Dispose();
    }

    private void Send(Action write)
    {
        try
        {
            write();
            _orders.Flush();
        }
        catch (IOException e)
        {
            throw Lost(e);
        }
    }

    private T Receive<T>(Func<T> read)
    {
        _watchdog.Change(_patience, Timeout.InfiniteTimeSpan);
        try
        {
            return _answers.ReadByte() == LaneWire.Done ? read() : throw new LaneLostException(_answers.ReadString());
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw Lost(e);
        }
        finally
        {
            _watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private LaneLostException Lost(Exception cause)
    {
        if (_isLate)
        {
            return new LaneLostException($"it did not answer for {_patience.TotalSeconds:0} s and was ended.", cause);
        }

        if (!_process.WaitForExit(TimeToEnd))
        {
            return new LaneLostException("its process closed the pipe.", cause);
        }

        return new LaneLostException(
            _process.ExitCode > KilledBySignal
                ? $"its process was ended by signal {_process.ExitCode - KilledBySignal}."
                : $"its process ended with exit code {_process.ExitCode}.",
            cause);
    }

    private void End(bool isLate)
    {
        _isLate = isLate;
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in the meantime.
            _isLate = false;
        }
    }
}
