namespace EdgeAI.Testing;

/// <summary>Writes the outputs of one run: by the model's own rule or by echo, spoilt where the run's fault says so.</summary>
internal static class SimulatedAnswer
{
    /// <summary>Writes bound outputs in place and leaves new tensors for the others in <paramref name="own"/>.</summary>
    public static void Write(SimulatedSession session, in SimulatedRun run, TensorValue?[] inputs, TensorValue?[] bound, TensorValue?[] own)
    {
        if (session.Compute is null) Echo(session, run.Fault, inputs, bound, own);
        else Ask(session, session.Compute, run.Fault, inputs, bound, own);
        if (run.Fault == SimulatedFault.Garbage) Spoil(session, run.Number, bound, own);
    }

    private static void Echo(SimulatedSession session, SimulatedFault fault, TensorValue?[] inputs, TensorValue?[] bound, TensorValue?[] own)
    {
        for (var i = 0; i < bound.Length; i++)
        {
            var shape = session.Shapes[i];
            var spec = session.Signature.Outputs[i];
            if (bound[i] is { } destination)
            {
                if (!shape.Fits(destination.Lengths, inputs)) throw Unfit(session, spec, destination.Lengths, shape.Resolve(inputs));
                ThrowIfTooLong(session, fault, spec);
                EchoCompute.Fill(i, inputs, destination);
                continue;
            }

            var lengths = shape.Resolve(inputs);
            if (fault == SimulatedFault.WrongLength) lengths = Longer(lengths);
            if (spec.ElementType == TensorElementType.String)
            {
                own[i] = TensorValue.CreateStrings(EchoCompute.FillStrings(i, inputs, lengths), lengths);
            }
            else
            {
                own[i] = Allocate(session, spec.ElementType, lengths);
                EchoCompute.Fill(i, inputs, own[i]!);
            }
        }
    }

    private static void Ask(SimulatedSession session, SimulatedCompute compute, SimulatedFault fault, TensorValue?[] inputs, TensorValue?[] bound, TensorValue?[] own)
    {
        TensorValue[] seen = [.. inputs.Select(input => TensorBytes.AsHost(input!))];
        IReadOnlyList<TensorValue> answers = [];
        try
        {
            answers = compute(seen);
            ThrowIfUnfit(session, answers);
            for (var i = 0; i < bound.Length; i++)
            {
                var spec = session.Signature.Outputs[i];
                if (bound[i] is { } destination)
                {
                    if (!destination.Lengths.SequenceEqual(answers[i].Lengths)) throw Unfit(session, spec, destination.Lengths, answers[i].Lengths);
                    ThrowIfTooLong(session, fault, spec);
                    TensorBytes.Copy(answers[i], destination);
                }
                else
                {
                    own[i] = Keep(session, answers[i], fault);
                }
            }
        }
        finally
        {
            foreach (var answer in answers.Except(seen)) answer.Dispose();
            foreach (var view in seen.Except(inputs)) view!.Dispose();
        }
    }

    private static TensorValue Keep(SimulatedSession session, TensorValue answer, SimulatedFault fault)
    {
        var lengths = fault == SimulatedFault.WrongLength ? Longer(answer.Lengths) : answer.Lengths.ToArray();
        if (answer.ElementType == TensorElementType.String)
        {
            var strings = new string[TensorShape.GetElementCount(lengths)];
            Array.Fill(strings, "");
            answer.AsStrings().CopyTo(strings);
            return TensorValue.CreateStrings(strings, lengths);
        }

        var kept = Allocate(session, answer.ElementType, lengths);
        var bytes = TensorBytes.Of(kept);
        bytes.Clear();
        TensorBytes.Of(answer).CopyTo(bytes);
        return kept;
    }

    private static void Spoil(SimulatedSession session, long runNumber, TensorValue?[] bound, TensorValue?[] own)
    {
        for (var i = 0; i < bound.Length; i++)
        {
            var output = own[i] ?? bound[i]!;
            if (output.ElementType == TensorElementType.String)
            {
                var empty = new string[output.ElementCount];
                Array.Fill(empty, "");
                own[i] = TensorValue.CreateStrings(empty, output.Lengths);
                output.Dispose();
                continue;
            }

            var random = new SeededSequence(unchecked((int)session.Device.Random.BitsAt(runNumber) + i));
            var bytes = TensorBytes.Of(output);
            for (var b = 0; b < bytes.Length; b++) bytes[b] = (byte)random.BitsAt(b);
        }
    }

    private static TensorValue Allocate(SimulatedSession session, TensorElementType type, ReadOnlySpan<nint> lengths)
    {
        var buffer = session.Memory.Allocate(type.ByteLength(TensorShape.GetElementCount(lengths)));
        return TensorValue.Create(buffer, type, lengths);
    }

    private static nint[] Longer(ReadOnlySpan<nint> lengths) => lengths.IsEmpty ? [2] : [lengths[0] + 1, .. lengths[1..]];

    private static void ThrowIfTooLong(SimulatedSession session, SimulatedFault fault, TensorSpec spec)
    {
        if (fault != SimulatedFault.WrongLength) return;
        var id = session.Device.Info.Id;
        throw new DeviceFaultException(id, $"{id} made output '{spec.Name}' of {session.ModelId} one row too long for the bound tensor, as its SimulatedFaults say.");
    }

    private static void ThrowIfUnfit(SimulatedSession session, IReadOnlyList<TensorValue> answers)
    {
        var outputs = session.Signature.Outputs;
        if (answers.Count == outputs.Count && !outputs.Where((spec, i) => spec.ElementType != answers[i].ElementType).Any()) return;
        throw new InvalidOperationException(
            $"The SimulatedCompute of {session.ModelId} answered ({string.Join(", ", answers.Select(a => a.ElementType.ToName()))}) but the model's signature is {session.Signature}.");
    }

    private static InvalidInputException Unfit(SimulatedSession session, TensorSpec spec, ReadOnlySpan<nint> given, ReadOnlySpan<nint> expected) =>
        new([$"the tensor bound to output '{spec.Name}' has the lengths {TensorShape.Format(given)} but this run gives {TensorShape.Format(expected)}"], session.Signature);
}
