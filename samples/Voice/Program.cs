using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeAI;
using EdgeAI.Samples.Voice;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

if (args is not [var modelPath, var wavPath])
{
    Console.Error.WriteLine("Usage: dotnet run --project samples/Voice -- MODEL.onnx FILE.wav");
    Console.Error.WriteLine("MODEL.onnx is Silero VAD version 5; samples/Voice/README.md says where to get it.");
    return 2;
}

Console.OutputEncoding = Encoding.UTF8;
try
{
    var sound = WavFile.Read(wavPath);
    await using var services = new ServiceCollection().AddEdgeAI().AddCpu().Services.BuildServiceProvider();
    var engine = services.GetRequiredService<IInferenceEngine>();
    await using var model = await engine.LoadModelAsync(ModelSource.FromFile(modelPath));

    using var detector = new VoiceDetector(model, sound.SampleRate);
    var clock = Stopwatch.StartNew();
    var probabilities = new List<float>();
    for (var at = 0; at < sound.Samples.Length; at += detector.ChunkLength)
    {
        var length = Math.Min(detector.ChunkLength, sound.Samples.Length - at);
        probabilities.Add(await detector.DetectAsync(sound.Samples.AsMemory(at, length)));
    }

    Show(sound, detector.ChunkLength, probabilities, clock.Elapsed);
    return 0;
}
catch (Exception error) when (error is EdgeAIException or InvalidDataException or NotSupportedException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static void Show(WavFile sound, int chunkLength, List<float> probabilities, TimeSpan elapsed)
{
    var total = TimeSpan.FromSeconds((double)sound.Samples.Length / sound.SampleRate);
    var chunk = TimeSpan.FromSeconds((double)chunkLength / sound.SampleRate);
    var segments = SpeechSegmentation.Find(probabilities, chunk, total, new SegmentationOptions());

    var table = new Table().RoundedBorder().Title("Speech");
    foreach (var name in (ReadOnlySpan<string>)["Start (s)", "End (s)", "Duration (s)", "Mean probability"]) table.AddColumn(new TableColumn(name).RightAligned());
    foreach (var segment in segments)
    {
        table.AddRow(Seconds(segment.Start), Seconds(segment.End), Seconds(segment.Duration), segment.MeanProbability.ToString("F3", CultureInfo.InvariantCulture));
    }

    AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Seconds(total)} s of sound at {sound.SampleRate} Hz, heard in {elapsed.TotalMilliseconds:F0} ms."));
    AnsiConsole.WriteLine("Probability of speech over time:");
    AnsiConsole.WriteLine(Sparkline.Draw(probabilities.ToArray(), AnsiConsole.Profile.Width));
    if (segments.Count > 0) AnsiConsole.Write(table);
    else AnsiConsole.WriteLine("Nobody speaks.");
}

static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
