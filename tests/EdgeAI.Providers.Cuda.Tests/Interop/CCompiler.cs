using System.ComponentModel;
using System.Diagnostics;

namespace EdgeAI.Providers.Cuda.Tests.Interop;

/// <summary>The machine's C compiler.</summary>
internal static class CCompiler
{
    /// <summary>Makes a shared library; <see langword="null"/>, or why there is no compiler.</summary>
    /// <exception cref="InvalidOperationException">The compiler refuses the source.</exception>
    public static string? Compile(string source, string output, params IReadOnlyList<string> options)
    {
        string? problem = null;
        foreach (var compiler in (string[])["cc", "gcc", "clang"])
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(compiler, ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", output, source, .. options]) { RedirectStandardError = true })!;
                var errors = process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0 ? null : throw new InvalidOperationException($"{compiler} refuses {source}: {errors}");
            }
            catch (Win32Exception e)
            {
                problem ??= e.Message;
            }
        }

        return problem;
    }
}
