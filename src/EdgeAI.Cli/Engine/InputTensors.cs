using EdgeAI.Cli.Npy;

namespace EdgeAI.Cli.Engine;

/// <summary>The tensors of one or many requests. Owns them.</summary>
internal sealed class InputTensors : IDisposable
{
    private readonly List<KeyValuePair<string, TensorValue>> _tensors = [];

    public IReadOnlyList<KeyValuePair<string, TensorValue>> Tensors => _tensors;

    /// <summary>Reads the files of inputs. Names that the model does not have are kept: the engine reports them with all other problems.</summary>
    public static InputTensors Read(IEnumerable<KeyValuePair<string, string>> files, ModelSignature signature)
    {
        var inputs = new InputTensors();
        try
        {
            foreach (var (name, file) in files)
            {
                using var array = NpyReader.Read(file);
                inputs.Add(name, array.ToTensor(signature.Inputs.FirstOrDefault(input => input.Name == name)?.ElementType));
            }

            return inputs;
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    /// <summary>Adds a tensor and takes it over.</summary>
    public void Add(string name, TensorValue tensor) => _tensors.Add(new(name, tensor));

    public InferenceRequest ToRequest()
    {
        var request = new InferenceRequest();
        foreach (var (name, tensor) in _tensors) request[name] = tensor;
        return request;
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in _tensors) tensor.Dispose();
    }
}
