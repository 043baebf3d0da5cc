using System.CommandLine;
using EdgeAI.Generation;

namespace EdgeAI.Cli.Commands;

/// <summary>The options of <c>edgeai build</c>.</summary>
internal sealed class BuildArguments
{
    private const int MostLayers = 1023;

    private readonly Option<string> _precision = new Option<string>("--precision") { HelpName = "int4|int8|fp32", Description = "Bits of the weights", DefaultValueFactory = _ => "int4" }.AcceptOnlyFromAmong("int4", "int8", "fp32");
    private readonly Option<string> _blockSize = new Option<string>("--block-size") { HelpName = "32|128", Description = "Weights that share a scale: 32 is more accurate, 128 faster", DefaultValueFactory = _ => "32" }.AcceptOnlyFromAmong("32", "128");
    private readonly Option<bool> _asymmetric = new("--asymmetric") { Description = "Store a zero point for each block too" };
    private readonly Option<string> _outputBits = new Option<string>("--output-bits") { HelpName = "4|8", Description = "Bits of the output projection with int4", DefaultValueFactory = _ => "8" }.AcceptOnlyFromAmong("4", "8");
    private readonly Option<int?> _context = new("--context") { HelpName = "N", Description = "Positions that the model is to reach; what it was made for unless given", CustomParser = NumberParsing.Whole("--context", 1, 1 << 24) };

    private readonly Option<int[]> _eightBitLayers = new("--int8-layers")
    {
        HelpName = "N,N,..",
        Description = "Layers, from 0, that get 8 bits with int4",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var numbers = result.Tokens[0].Value.Split(',').Select(text => int.TryParse(text, out var layer) && layer is >= 0 and <= MostLayers ? layer : -1).ToArray();
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
    }

    public ModelBuildOptions Read(ParseResult arguments) => new()
    {
        Precision = arguments.GetValue(_precision) switch { "fp32" => ModelPrecision.Float32, "int8" => ModelPrecision.Int8, _ => ModelPrecision.Int4 },
        BlockSize = arguments.GetValue(_blockSize) == "128" ? 128 : 32,
        Asymmetric = arguments.GetValue(_asymmetric),
        OutputBits = arguments.GetValue(_outputBits) == "4" ? 4 : 8,
        EightBitLayers = arguments.GetValue(_eightBitLayers) ?? [],
        ContextLength = arguments.GetValue(_context),
    };
}
