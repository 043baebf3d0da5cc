namespace EdgeAI;

/// <summary>Predicts the latency of models on devices that they are not loaded on, from the model's graph and the device's profile. Thread-safe, without side effects on devices.</summary>
public interface ILatencyPredictor
{
    /// <summary>Predicts one run. The first call for a model and its lengths reads the whole graph, later ones do not.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputLengths">Lengths of the axes by the input's name; inputs left out are taken as the model declares them.</param>
    /// <param name="device">The device with its profile; all its threads are taken to work on the run.</param>
    /// <exception cref="ArgumentException">A name is no input, or the number of axes is not what the model declares.</exception>
    LatencyPrediction Predict(ModelDescriptor model, IReadOnlyDictionary<string, nint[]>? inputLengths, DeviceSnapshot device);
}
