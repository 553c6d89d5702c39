using System.Globalization;
using NativeVm.Platform;

namespace NativeVm.Tests.Platform.Replies;

/// <summary>What a refusal says to people.</summary>
public class SystemReplyTests
{
    public static TheoryData<SystemOperation, RefusalReason> Refusals()
    {
        TheoryData<SystemOperation, RefusalReason> all = [];
        foreach (SystemOperation operation in Enum.GetValues<SystemOperation>())
        {
            foreach (RefusalReason reason in Enum.GetValues<RefusalReason>())
            {
                if (reason != RefusalReason.None)
                {
                    all.Add(operation, reason);
                }
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Every_refusal_names_what_was_asked_the_number_and_what_to_do(SystemOperation operation, RefusalReason reason)
    {
        foreach (ErrorDomain domain in Enum.GetValues<ErrorDomain>())
        {
            SystemReply reply = SystemReply.Refused(operation, 0x10000, 4096, reason, domain, 12);
            string text = reply.ToString();
            Assert.StartsWith($"{operation} of 4,096 bytes at 0x10000 was refused (", text, StringComparison.Ordinal);
            Assert.Contains(domain == ErrorDomain.Errno ? "errno 12" : "Win32 error 12", text, StringComparison.Ordinal);
            Assert.EndsWith(".", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', text);

            // What it advises is a sentence.
            string remedy = text[(text.IndexOf("). ", StringComparison.Ordinal) + 3)..];
            Assert.InRange(remedy.Length, 20, 300);
            Assert.True(char.IsUpper(remedy[0]), remedy);
        }
    }

    [Fact]
    public void A_limit_of_a_system_is_raised_as_that_system_raises_it()
    {
        Assert.Contains("ulimit -l", Text(RefusalReason.LockLimit, ErrorDomain.Errno), StringComparison.Ordinal);
        Assert.Contains("SetProcessWorkingSetSize", Text(RefusalReason.LockLimit, ErrorDomain.Win32), StringComparison.Ordinal);
        Assert.Contains("vm.overcommit_memory", Text(RefusalReason.OutOfMemory, ErrorDomain.Errno), StringComparison.Ordinal);
        Assert.Contains("page file", Text(RefusalReason.OutOfMemory, ErrorDomain.Win32), StringComparison.Ordinal);
        Assert.Contains("ulimit -d", Text(RefusalReason.DataLimit, ErrorDomain.Errno), StringComparison.Ordinal);
        Assert.Contains("vm.max_map_count", Text(RefusalReason.MappingLimit, ErrorDomain.Errno), StringComparison.Ordinal);

        static string Text(RefusalReason reason, ErrorDomain domain) =>
            SystemReply.Refused(SystemOperation.Lock, 0x1000, 4096, reason, domain, 1).ToString();
    }

    [Fact]
    public void What_has_no_address_or_no_range_names_none()
    {
        string text = SystemReply.Refused(
            SystemOperation.QueryProcess, 0, 0, RefusalReason.Other, ErrorDomain.Errno, 5).ToString();
        Assert.StartsWith("QueryProcess was refused", text, StringComparison.Ordinal);
        text = SystemReply.Refused(
            SystemOperation.Reserve, 0, 65536, RefusalReason.NoAddressSpace, ErrorDomain.Errno, 12).ToString();
        Assert.StartsWith("Reserve of 65,536 bytes was refused", text, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", SystemReply.Success.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_has_a_reason()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemReply.Refused(
            SystemOperation.Commit, 0, 1, RefusalReason.None, ErrorDomain.Errno, 1));
        SystemReply reply = SystemReply.Refused(
            SystemOperation.Commit, 0, 1, RefusalReason.Other, ErrorDomain.Errno, int.MaxValue);
        Assert.Contains(int.MaxValue.ToString(CultureInfo.InvariantCulture), reply.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_exception_carries_the_refusal()
    {
        SystemReply reply = SystemReply.Refused(
            SystemOperation.Commit, 0x1000, 4096, RefusalReason.OutOfMemory, ErrorDomain.Errno, 12);
        SystemRefusedException thrown = Assert.Throws<SystemRefusedException>(reply.ThrowIfRefused);
        Assert.Equal(reply, thrown.Reply);
        Assert.Equal(reply.ToString(), thrown.Message);
        InvalidOperationException cause = new("cause");
        SystemRefusedException caused = new("text", cause);
        Assert.Equal(("text", (Exception?)cause), (caused.Message, caused.InnerException));
        Assert.Equal("text", new SystemRefusedException("text").Message);
        Assert.True(new SystemRefusedException().Reply.IsSuccess);
    }
}
