namespace EdgeAI.Generation;

/// <summary>Models of one kind: how their configuration reads in the terms that all share.</summary>
internal interface IDecoderFamily
{
    /// <summary>The class name in <c>architectures</c>, such as <c>LlamaForCausalLM</c>.</summary>
    string Architecture { get; }

    /// <summary>The name in <c>model_type</c>, which is ONNX Runtime GenAI's too.</summary>
    string ModelType { get; }

    /// <summary>Reads what is particular to the family, on top of what is common.</summary>
    DecoderConfig Read(ConfigReader config, DecoderConfig common);
}
