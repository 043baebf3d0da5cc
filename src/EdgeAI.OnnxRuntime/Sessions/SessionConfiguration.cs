using System.Globalization;
using EdgeAI.Devices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>Our defaults, then the device's, then the caller's own settings.</summary>
internal static class SessionConfiguration
{
    private const string StopSpinningBetweenRuns = "session.force_spinning_stop";
    private const string AllowSpinning = "session.intra_op.allow_spinning";
    private const string SpinMicroseconds = "session.intra_op.spin_duration_us";

    public static SessionOptions Create(ModelDescriptor model, DeviceSessionOptions options, OnnxSessionSetup setup)
    {
        var native = new SessionOptions();
        try
        {
            native.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;
            native.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
            native.IntraOpNumThreads = options.Threads;
            native.InterOpNumThreads = 1;
            native.LogId = model.Id;
            native.LogSeverityLevel = OnnxRuntimeLog.Severity;

            // A memory pattern is worth its bookkeeping only where every run has the same shapes.
            native.EnableMemoryPattern = !HasDynamicShape(model.Signature, options);

            // Workers spin while a run lasts, for quick hand-offs, and sleep between runs, so that an idle model leaves its cores to the others.
            if (setup.SpinDuration > TimeSpan.Zero) native.AddSessionConfigEntry(SpinMicroseconds, ((long)Math.Ceiling(setup.SpinDuration.TotalMicroseconds)).ToString(CultureInfo.InvariantCulture));
            else native.AddSessionConfigEntry(AllowSpinning, "0");
            native.AddSessionConfigEntry(StopSpinningBetweenRuns, "1");

            foreach (var (name, length) in options.FreeDimensionOverrides) Try($"free dimension '{name}' = {length}", () => native.AddFreeDimensionOverrideByName(name, length));
            if (setup.InspectAssignments is not null) native.AddSessionConfigEntry(NodeAssignments.RecordKey, "1");
            setup.Configure?.Invoke(native);
            foreach (var (key, value) in options.Settings) Try($"setting '{key}' = '{value}'", () => native.AddSessionConfigEntry(key, value));
            return native;

            void Try(string what, Action apply)
            {
                try
                {
                    apply();
                }
                catch (OnnxRuntimeException e)
                {
                    throw new ModelLoadException($"ONNX Runtime refuses the {what}: {e.Message}", model.Id, e);
                }
            }
        }
        catch
        {
            native.Dispose();
            throw;
        }
    }

    private static bool HasDynamicShape(ModelSignature signature, DeviceSessionOptions options)
    {
        foreach (var input in signature.Inputs)
        {
            if (!input.HasRank) return true;
            for (var axis = 0; axis < input.Lengths.Length; axis++)
            {
                if (input.Lengths[axis] == -1 && (input.LengthNames[axis] is not { } name || !options.FreeDimensionOverrides.ContainsKey(name))) return true;
            }
        }

        return false;
    }
}
