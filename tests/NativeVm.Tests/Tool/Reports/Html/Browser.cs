using System.Diagnostics;

namespace NativeVm.Tests.Tool.Reports.Html;

/// <summary>Opens a page in a browser without a window, and tells what it became.</summary>
internal static class Browser
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The document after the page's scripts have run.</summary>
    /// <param name="path">The page.</param>
    public static string Open(string path)
    {
        string profile = Directory.CreateTempSubdirectory("nativevm").FullName;
        try
        {
            ProcessStartInfo start = new("chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                $"--user-data-dir={profile}", "--window-size=1240,1600", "--virtual-time-budget=3000", "--dump-dom",
                new Uri(path).AbsoluteUri,
            ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
            }

            error.GetAwaiter().GetResult();
            return output.GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
