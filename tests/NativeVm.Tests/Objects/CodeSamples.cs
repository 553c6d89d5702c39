using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NativeVm.Tests.Objects;

/// <summary>Machine code for the processor that this runs on.</summary>
internal static class CodeSamples
{
    /// <summary>A function that returns a number below 65,536, or null for a processor that nobody has written it for.</summary>
    public static byte[]? ReturnNumber(int number)
    {
        byte[] code;
        switch (RuntimeInformation.ProcessArchitecture)
        {
            case Architecture.X64 or Architecture.X86:
                // mov eax, number; ret
                code = [0xb8, 0, 0, 0, 0, 0xc3];
                BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(1), number);
                return code;
            case Architecture.Arm64:
                // mov w0, #number; ret
                code = new byte[8];
                BinaryPrimitives.WriteUInt32LittleEndian(code, 0x5280_0000u | ((uint)number << 5));
                BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(4), 0xd65f_03c0u);
                return code;
            default:
                return null;
        }
    }

    [UnmanagedCallersOnly]
    public static int Callee(int value) => value;
}
