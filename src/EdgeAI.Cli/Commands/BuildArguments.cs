using System.CommandLine;
using System.Globalization;
using EdgeAI.Generation;

namespace EdgeAI.Cli.Commands;

/// <summary>The options of <c>edgeai build</c>.</summary>
internal sealed class BuildArguments
{
    private const int MostLayers = 1023;

    private readonly Option<string> _precision = Choice("--precision", "Bits of the weights", "int4", "int8", "fp32");
    private readonly Option<string> _blockSize = Choice("--block-size", "Weights that share a scale: 32 is more accurate, 128 faster", "32", "128");
    private readonly Option<bool> _asymmetric = new("--asymmetric") { Description = "Store a zero point for each block too" };
    private readonly Option<string> _outputBits = Choice("--output-bits", "Bits of the output projection with int4", "8", "4");
    private readonly Option<string> _cache = Choice("--kv-cache", "How keys and values of earlier tokens are kept: int8 takes a quarter of the memory, and the build runs the model to measure scales", "float32", "int8");

    private readonly Option<string?> _calibration = new("--calibration") { HelpName = "FILE", Description = "Text to measure the scales of --kv-cache int8 with; a built-in one unless given" };

    private readonly Option<int?> _context = new("--context") { HelpName = "N", Description = "Positions that the model is to reach; what it was made for unless given", CustomParser = NumberParsing.Whole("--context", 1, 1 << 24) };

    private readonly Option<int[]> _eightBitLayers = new("--int8-layers")
    {
        HelpName = "N,N,..",
        Arity = ArgumentArity.ExactlyOne,
        Description = "Layers, from 0, that get 8 bits with int4",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var numbers = result.Tokens[0].Value.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) && layer is >= 0 and <= MostLayers ? layer : -1).ToArray();
            if (numbers.Contains(-1)) result.AddError($"--int8-layers must be numbers from 0 with commas between, not '{result.Tokens[0].Value}'.");
            return numbers;
        },
    };

    public void AddTo(Command command)
    {
        command.Add(_precision);
        command.Add(_blockSize);
        command.Add(_asymmetric);
        command.Add(_outputBits);
        command.Add(_eightBitLayers);
        command.Add(_context);
        command.Add(_cache);
        command.Add(_calibration);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_calibration) is null) return;
            if (result.GetValue(_calibration) is "") result.AddError("--calibration must name a text file, not ''.");
            else if (result.GetValue(_cache) != "int8") result.AddError($"--calibration is of use only with --kv-cache int8, not {result.GetValue(_cache)}.");
        });
    }

    public ModelBuildOptions Read(ParseResult arguments) => new()
    {
        Precision = arguments.GetValue(_precision) switch { "fp32" => ModelPrecision.Float32, "int8" => ModelPrecision.Int8, _ => ModelPrecision.Int4 },
        BlockSize = arguments.GetValue(_blockSize) == "128" ? 128 : 32,
        Asymmetric = arguments.GetValue(_asymmetric),
        OutputBits = arguments.GetValue(_outputBits) == "4" ? 4 : 8,
        EightBitLayers = arguments.GetValue(_eightBitLayers) ?? [],
        ContextLength = arguments.GetValue(_context),
        KeyValueCache = arguments.GetValue(_cache) == "int8" ? KeyValueCacheType.Int8 : KeyValueCacheType.Float32,
        CalibrationFile = arguments.GetValue(_calibration),
    };

    /// <summary>One of some values; the first unless given.</summary>
    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { HelpName = string.Join('|', values), Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
