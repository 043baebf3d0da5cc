namespace EdgeAI.Benchmarks.Serving;

/// <summary>Something answered wrongly: the figures mean nothing, and the command ends.</summary>
internal sealed class WrongAnswerException(string message) : Exception(message);
