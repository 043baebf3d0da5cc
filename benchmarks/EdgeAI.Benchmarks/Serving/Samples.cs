using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>Requests with known answers.</summary>
internal static class Samples
{
    /// <summary>Draws requests and has plain ONNX Runtime answer each by itself, on one thread.</summary>
    /// <exception cref="WrongAnswerException">Two answers are too alike to tell a mix-up, though the model's answers should differ.</exception>
    public static Sample[] Create(ServedModel model, int count)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model.Bytes, options);
        using var runOptions = new RunOptions();
        var random = new Random(1);
        var samples = Enumerable.Range(0, count).Select(_ => Answer(session, runOptions, model.CreateInputs(random))).ToArray();
        if (model.IsTelling && samples.Skip(1).Any(samples[0].IsLike)) throw new WrongAnswerException($"{model.Name}: answers to different inputs are too alike to be told apart.");
        return samples;
    }

    private static Sample Answer(InferenceSession session, RunOptions runOptions, ModelInput[] inputs)
    {
        var values = inputs.Select(input => input.ToOrtValue()).ToArray();
        using var outputs = session.Run(runOptions, [.. inputs.Select(input => input.Name)], values, session.OutputNames);
        foreach (var value in values) value.Dispose();
        var named = session.OutputNames.Zip(outputs).ToArray();
        return new Sample(inputs, named.ToDictionary(pair => pair.First, pair => pair.Second.GetTensorDataAsSpan<float>().ToArray()))
        {
            AnswerShapes = named.ToDictionary(pair => pair.First, pair => pair.Second.GetTensorTypeAndShape().Shape),
        };
    }
}
