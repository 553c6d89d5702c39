namespace NativeVm.Testing;

/// <summary>Who is told of the calls that pass a <see cref="FaultInjectingPlatform"/>, on the thread that makes them.</summary>
/// <remarks>
/// The platform holds no lock of its own meanwhile, so that an observer may keep a thread waiting
/// (<see cref="Interleavings"/> does). An observer that throws breaks the promises of whoever made the call.
/// </remarks>
public interface ICallObserver
{
    /// <summary>A call is about to be made.</summary>
    /// <param name="systemCall">The call.</param>
    void Calling(in SystemCall systemCall);

    /// <summary>A call has been made, and has succeeded or has been refused by the system.</summary>
    /// <param name="systemCall">The call; the address of a reservation is the one that it got.</param>
    void Called(in SystemCall systemCall);
}
