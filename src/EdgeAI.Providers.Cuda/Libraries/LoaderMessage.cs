using System.Text.RegularExpressions;

namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>Finds in the words of the system's loader, as ONNX Runtime passes them on, which file is missing, and says where it comes from.</summary>
internal static partial class LoaderMessage
{
    /// <summary>The names of missing libraries; empty where the text names none.</summary>
    public static IReadOnlyList<string> FindMissing(string message) =>
        [.. MissingOnLinux().Matches(message).Concat(MissingOnWindows().Matches(message)).Select(match => match.Groups["file"].Value).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>What to do where the driver is older than the CUDA runtime that the provider brings (<c>cudaErrorInsufficientDriver</c>, 35); <see langword="null"/> where the text is about something else.</summary>
    public static string? FindOldDriver(string message) =>
        message.Contains("driver version is insufficient", StringComparison.OrdinalIgnoreCase) || message.Contains("cudaErrorInsufficientDriver", StringComparison.Ordinal)
            ? "the CUDA execution provider was built for a newer CUDA than the NVIDIA driver supports; install a newer driver, or a provider for the CUDA version that edgeai devices shows"
            : null;

    /// <summary>What is wrong with a library that does not load, and what to do, in one line.</summary>
    /// <param name="library">The library that was to be loaded.</param>
    /// <param name="message">ONNX Runtime's text.</param>
    public static string Explain(string library, string message)
    {
        if (FindOldDriver(message) is { } old) return $"{library} cannot be used: {old}";
        var missing = FindMissing(message);
        var others = missing.Where(file => !string.Equals(file, Path.GetFileName(library), StringComparison.OrdinalIgnoreCase)).ToArray();
        if (others.Length > 0) return $"{library} needs {string.Join(", ", others)}; {string.Join("; ", others.Select(Origin).Distinct())}";
        if (missing.Count > 0) return $"{library} is not there; correct or remove its path";
        if (OldSystem().Match(message) is { Success: true } system) return $"{library} needs {system.Groups["version"].Value} of a newer system than this one; use a build for this system";
        if (message.Contains("invalid ELF header", StringComparison.Ordinal) || message.Contains("wrong ELF class", StringComparison.Ordinal) || HasError(message, 193))
        {
            return $"{library} is for another operating system or processor; use the build for this one";
        }

        if (message.Contains("file too short", StringComparison.Ordinal)) return $"{library} is damaged; copy it again";
        if (message.Contains("CreateEpFactories", StringComparison.Ordinal)) return $"{library} is no plugin library of ONNX Runtime; it exports no CreateEpFactories";
        if (UndefinedSymbol().Match(message) is { Success: true } symbol) return $"{library} finds no {symbol.Groups["symbol"].Value}: it was built for another version of ONNX Runtime or CUDA";

        // Windows does not say which file is missing.
        if (HasError(message, 126)) return $"{library} needs a library that Windows does not find (error 126): CUDA's cudart, cublas and cufft or cuDNN; put the bin folders of the CUDA toolkit and of cuDNN into PATH";
        if (HasError(message, 127)) return $"{library} found a library of another version than it needs (error 127); make the CUDA toolkit and cuDNN of its version the first in PATH";
        return $"{library} cannot be loaded ({message.Trim().TrimEnd('.')})";
    }

    private static string Origin(string file)
    {
        var version = FileVersion().Match(file) is { Success: true } match ? $" {match.Groups["version"].Value}" : "";
        return file switch
        {
            _ when Has("cudnn") => $"install cuDNN{version} and add its folder to {SearchPath(file)}",
            _ when Has("cudart") || Has("cublas") || Has("curand") || Has("cusparse") || Has("nvrtc") || Has("nvJitLink") => $"install the CUDA{version} toolkit's runtime libraries and add their folder to {SearchPath(file)}",

            // Its version runs one behind that of its toolkit.
            _ when Has("cufft") => $"install the CUDA toolkit's runtime libraries (cuFFT{version}) and add their folder to {SearchPath(file)}",
            _ when Has("libcuda.so") || Has("nvcuda") || Has("nvidia-ml") || Has("nvml") => "install the NVIDIA driver",
            _ when Has("onnxruntime") => "install the library beside ONNX Runtime's own",
            _ => $"install it and add its folder to {SearchPath(file)}",
        };

        bool Has(string part) => file.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    private static string SearchPath(string file) => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? "PATH" : "LD_LIBRARY_PATH, or run ldconfig";

    private static bool HasError(string message, int code) => WindowsError().Match(message) is { Success: true } match && match.Groups["code"].Value == code.ToString(System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<file>[\w.+-]+\.so(?:\.\d+)*): cannot open shared object file")]
    private static partial Regex MissingOnLinux();

    [GeneratedRegex(@"depends on ""(?<file>[^""]+\.dll)"" which is missing", RegexOptions.IgnoreCase)]
    private static partial Regex MissingOnWindows();

    [GeneratedRegex(@"version `(?<version>GLIBC[A-Z]*_[\d.]+)' not found")]
    private static partial Regex OldSystem();

    [GeneratedRegex(@"undefined symbol: (?<symbol>[\w@.]+)")]
    private static partial Regex UndefinedSymbol();

    [GeneratedRegex(@"\berror:?\s+(?:code\s+)?(?<code>\d+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WindowsError();

    [GeneratedRegex(@"(?:\.so\.|64_)(?<version>\d+)")]
    private static partial Regex FileVersion();
}
