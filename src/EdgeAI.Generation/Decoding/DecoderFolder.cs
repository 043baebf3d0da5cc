using System.Globalization;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>A model folder, read and checked but not loaded. Holds the model's files open until it is disposed.</summary>
internal sealed class DecoderFolder : IDisposable
{
    private const string AttentionOperator = "GroupQueryAttention";

    private DecoderFolder(string path, DecoderConfiguration configuration, OnnxModelDescriptor model, DecoderLayout layout)
    {
        Path = path;
        Configuration = configuration;
        Model = model;
        Layout = layout;
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    public DecoderConfiguration Configuration { get; }

    public OnnxModelDescriptor Model { get; }

    /// <summary>Where the decoder's tensors are in the signature.</summary>
    public DecoderLayout Layout { get; }

    /// <summary><see langword="null"/> where the folder has none.</summary>
    public ITokenizer? Tokenizer { get; private init; }

    /// <summary><see langword="null"/> where the folder has none.</summary>
    public IChatTemplate? ChatTemplate { get; private init; }

    /// <summary>Why the folder's chat template cannot be used, which is no reason not to use the model; <see langword="null"/> where it can, or there is none.</summary>
    public string? TemplateProblem { get; private init; }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ModelLoadException">Something is missing, damaged or not supported: says what, and what to do.</exception>
    public static DecoderFolder Open(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var path = System.IO.Path.GetFullPath(folder);
        var configuration = DecoderConfigurationFile.Read(path);
        var model = OnnxModelDescriptor.Open(ModelSource.FromFile(System.IO.Path.Join(path, configuration.FileName)), new OnnxReaderOptions { AskedDefaults = [DecoderLayout.LogitsToKeep] });
        try
        {
            var layout = DecoderLayout.Find(model.Signature, configuration, model.Id);
            CheckAttention(model, configuration);
            return new DecoderFolder(path, configuration with { VocabularySize = layout.VocabularySize ?? configuration.VocabularySize }, model, layout)
            {
                Tokenizer = TokenizerFiles.TryLoad(path),
                ChatTemplate = LoadTemplate(path, out var problem),
                TemplateProblem = problem,
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose() => Model.Dispose();

    private static IChatTemplate? LoadTemplate(string path, out string? problem)
    {
        try
        {
            problem = null;
            return ChatTemplateFiles.TryLoad(path);
        }
        catch (ChatTemplateException e)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>Past and present must be able to share a buffer, which is what this operator is there for.</summary>
    private static void CheckAttention(OnnxModelDescriptor model, DecoderConfiguration configuration)
    {
        var count = model.Operators.Where(use => use.OpType == AttentionOperator).Sum(use => use.Count);
        if (model.Model.Graph.Nodes.Any(node => node.OpType == AttentionOperator && node.FindAttribute("sliding_window_cache")?.AsInt() == 1))
        {
            throw new ModelLoadException($"the graph keeps keys and values of a window only ('sliding_window_cache' of {AttentionOperator}), which is not supported. Build the model for the CPU.", model.Id);
        }

        if (count >= configuration.Layers) return;
        throw new ModelLoadException(
            string.Create(CultureInfo.InvariantCulture, $"the graph has {count} {AttentionOperator} nodes for {configuration.Layers} layers; past and present keys and values must share a buffer, which needs that operator in every layer. Build the model with 'edgeai build', or with ONNX Runtime GenAI's model builder for the CPU at fp32 or int4."),
            model.Id);
    }
}
