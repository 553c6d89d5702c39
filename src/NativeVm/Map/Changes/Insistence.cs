using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>
/// Asks the system again for what must not fail: undoing what was done before a refusal. A shortage of a moment has
/// then passed; the calls only join or release what is there and need nothing themselves.
/// </summary>
internal static class Insistence
{
    private const int Tries = 4;

    /// <summary>The first success, or the last refusal.</summary>
    public static SystemReply On(Func<SystemReply> call)
    {
        SystemReply reply = default;
        for (int i = 0; i < Tries; i++)
        {
            reply = call();
            if (reply.IsSuccess)
            {
                break;
            }
        }

        return reply;
    }
}
