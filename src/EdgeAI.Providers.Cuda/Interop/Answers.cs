namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>Turns answers into values that may be unknown.</summary>
internal static class Answers
{
    public static T? OrNull<T>(this Answer<T> answer)
        where T : struct => answer.IsOk ? answer.Value : null;

    public static string? TextOrNull(this Answer<string> answer) => answer.IsOk && !string.IsNullOrWhiteSpace(answer.Value) ? answer.Value : null;
}
