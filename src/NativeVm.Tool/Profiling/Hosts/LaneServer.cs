using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>The process of one lane: it does what comes through standard input until that ends.</summary>
internal static class LaneServer
{
    /// <summary>The argument that makes this program such a process; it is not for people.</summary>
    public const string Switch = "--serve-lane";

    /// <summary>Runs until standard input ends.</summary>
    /// <returns>The exit code.</returns>
    public static int Run()
    {
        // The keyboard interrupts the whole group of processes; it is the profile's to say when a lane ends.
        using PosixSignalRegistration interrupt =
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using BinaryReader orders = new(Console.OpenStandardInput());
        using BinaryWriter answers = new(new BufferedStream(Console.OpenStandardOutput(), 1 << 16));
        return Serve(orders, answers);
    }

    /// <summary>Does what the orders say until they end.</summary>
    /// <param name="orders">First the lane that is wanted, as JSON; then what it is to do.</param>
    /// <param name="answers">An answer to each.</param>
    /// <returns>The exit code.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a lane throws is told to the profile, as one line.")]
    public static int Serve(BinaryReader orders, BinaryWriter answers)
    {
        try
        {
            LaneRequest request = JsonSerializer.Deserialize(orders.ReadString(), ToolJsonContext.Default.LaneRequest)
                ?? throw new InvalidDataException("No lane was asked for.");
            using LocalLaneHost host = new(ProfilePlan.FindLane(request), isAlone: true);
            answers.Write(LaneWire.Done);
            answers.Write(host.BytesPerEntry ?? double.NaN);
            answers.Write(host.IsTimedSingly);
            answers.Flush();
            while (true)
            {
                if (!Obey(orders.ReadByte(), orders, answers, host))
                {
                    return 1;
                }

                answers.Flush();
            }
        }
        catch (EndOfStreamException)
        {
            return 0;
        }
        catch (Exception e)
        {
            answers.Write(LaneWire.Failed);
            answers.Write(e is Commands.ToolException ? e.Message : $"{e.GetType().Name}: {e.Message}");
            answers.Flush();
            return 1;
        }
    }

    private static bool Obey(byte order, BinaryReader orders, BinaryWriter answers, LocalLaneHost host)
    {
        switch (order)
        {
            case LaneWire.WarmUp:
                host.WarmUp();
                answers.Write(LaneWire.Done);
                answers.Write(host.BatchSize);
                return true;
            case LaneWire.Run:
                LaneSlice slice = host.Run(TimeSpan.FromSeconds(orders.ReadDouble()));
                answers.Write(LaneWire.Done);
                LaneWire.Write(answers, slice);
                return true;
            default:
                return false;
        }
    }
}
