using NativeVm.Fuzz;
using SharpFuzz;

// NativeVm.Fuzz SUBJECT          run by afl-fuzz, over a NativeVm.Tool.dll that sharpfuzz has instrumented
// NativeVm.Fuzz SUBJECT FILE...  reads each file once, to look at what was found
if (args is not [string name, .. string[] files] || !FuzzSubjects.TryFind(name, out Action<Stream>? read))
{
    Console.Error.WriteLine($"Usage: NativeVm.Fuzz {FuzzSubjects.Names} [FILE...]");
    return 2;
}

if (files.Length == 0)
{
    Fuzzer.Run(read);
    return 0;
}

foreach (string file in files)
{
    Console.WriteLine(file);
    using FileStream stream = File.OpenRead(file);
    read(stream);
}

return 0;
