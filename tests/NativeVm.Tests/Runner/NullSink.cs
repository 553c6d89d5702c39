using Xunit.Abstractions;

namespace NativeVm.Tests.Runner;

/// <summary>For xunit's own diagnostics, which nobody reads here.</summary>
internal sealed class NullSink : LongLivedMarshalByRefObject, IMessageSink
{
    public bool OnMessage(IMessageSinkMessage message) => true;
}
