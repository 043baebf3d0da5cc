using System.Reflection;
using EdgeAI.Devices;
using EdgeAI.Testing.Conformance;
using EdgeAI.Testing.Tests.Conformance.Flaws;

namespace EdgeAI.Testing.Tests.Conformance;

/// <summary>A suite that cannot fail proves nothing: each flaw must be caught by the test that is about it.</summary>
[TestClass]
public sealed class SuiteCanFailTests
{
    [TestMethod]
    [DataRow(Flaw.UpperCaseName, typeof(FlawedDiscovery), nameof(DiscoveryConformance.Name_IsLowerCaseAndConstant))]
    [DataRow(Flaw.SilentAbsence, typeof(FlawedDiscovery), nameof(DiscoveryConformance.DiscoverAsync_Absence_ComesWithItsReason))]
    [DataRow(Flaw.ReasonWithFullStop, typeof(FlawedDiscovery), nameof(DiscoveryConformance.DiscoverAsync_Absence_ComesWithItsReason))]
    [DataRow(Flaw.ForeignProviderName, typeof(FlawedDiscovery), nameof(DiscoveryConformance.DiscoverAsync_Devices_HaveUniqueIdsAndNameTheirProvider))]
    [DataRow(Flaw.NewDevicesEachTime, typeof(FlawedDiscovery), nameof(DiscoveryConformance.DiscoverAsync_Again_GivesTheSameObjectForTheSameId))]
    [DataRow(Flaw.NewDevicesEachTime, typeof(FlawedDiscovery), nameof(DiscoveryConformance.DiscoverAsync_Concurrently_GivesTheSameObjects))]
    [DataRow(Flaw.NewDevicesEachTime, typeof(FlawedDiscovery), nameof(DiscoveryConformance.DiscoverAsync_Cancelled_HarmsNothing))]
    [DataRow(Flaw.SilentAbsence, typeof(FlawedDevices), nameof(DeviceConformance.Info_Facts_AreInRange))]
    [DataRow(Flaw.NegativeFreeMemory, typeof(FlawedDevices), nameof(DeviceConformance.GetStatus_Values_AreInRange))]
    [DataRow(Flaw.DeclinesButOpens, typeof(FlawedDevices), nameof(DeviceConformance.Evaluate_EveryModel_AgreesWithOpening))]
    [DataRow(Flaw.DeclinesAdd, typeof(FlawedDevices), nameof(DeviceConformance.Evaluate_EveryModel_AgreesWithOpening))]
    [DataRow(Flaw.AcceptsUnknownOperators, typeof(FlawedDevices), nameof(DeviceConformance.OpenSessionAsync_UnknownOperator_IsRefusedByName))]
    [DataRow(Flaw.IgnoresCancelledOpening, typeof(FlawedDevices), nameof(DeviceConformance.OpenSessionAsync_Cancelled_ThrowsAndHarmsNothing))]
    [DataRow(Flaw.OneSessionForAll, typeof(FlawedDevices), nameof(DeviceConformance.OpenSessionAsync_Twice_SessionsAreIndependent))]
    [DataRow(Flaw.UsesDescriptorLater, typeof(FlawedDevices), nameof(DeviceConformance.OpenSessionAsync_DescriptorDisposed_SessionStillRuns))]
    [DataRow(Flaw.OpensWhenDisposed, typeof(FlawedDevices), nameof(DeviceConformance.DisposeAsync_Twice_IsHarmlessAndEndsTheDevice))]
    [DataRow(Flaw.ChangingFacts, typeof(FlawedDevices), nameof(DeviceConformance.Info_ReadAgain_IsTheSame))]
    [DataRow(Flaw.NegativeLanes, typeof(FlawedDevices), nameof(DeviceConformance.GetStatus_ConcurrentlyWithRuns_NeverThrows))]
    [DataRow(Flaw.MoodySupport, typeof(FlawedDevices), nameof(DeviceConformance.Evaluate_Again_AnswersTheSame))]
    [DataRow(Flaw.RenamedOutputs, typeof(FlawedDevices), nameof(DeviceConformance.OpenSessionAsync_Signature_IsTheModels))]
    [DataRow(Flaw.WrongElements, typeof(FlawedDevices), nameof(DeviceConformance.OpenSessionAsync_FreeDimensionOverride_RunsAtThatLength))]
    [DataRow(Flaw.RefusesForeignSettings, typeof(FlawedDevices), nameof(DeviceConformance.OpenSessionAsync_SettingsOfAnotherRuntime_AreIgnored))]
    [DataRow(Flaw.DeclinesAdd, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_Add_IsRight))]
    [DataRow(Flaw.WrongElements, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_Add_IsRight))]
    [DataRow(Flaw.WrongElements, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_MatMul_IsRight))]
    [DataRow(Flaw.WrongElements, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_Heavy_IsRight))]
    [DataRow(Flaw.WrongElements, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_Scalar_IsRight))]
    [DataRow(Flaw.SwappedOutputs, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_TwoOutputs_AreRightAndInOrder))]
    [DataRow(Flaw.SwappedOutputs, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_List_GivesOwnedOutputs))]
    [DataRow(Flaw.NoConcurrency, typeof(FlawedSessions), nameof(SessionConformance.MaxConcurrentRuns_IsPositive))]
    [DataRow(Flaw.WrongElements, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_Identity_IsRight))]
    [DataRow(Flaw.WrongElements, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_Integers_AreExact))]
    [DataRow(Flaw.PadsEmptyOutputs, typeof(FlawedSessions), nameof(SessionConformance.RunAsync_NoRows_GivesNoRows))]
    [DataRow(Flaw.OneBindingForAll, typeof(FlawedSessions), nameof(SessionConformance.CreateBinding_MoreThanMayRun_IsAllowed))]
    [DataRow(Flaw.BindsWhenDisposed, typeof(FlawedSessions), nameof(SessionConformance.DisposeAsync_Twice_IsHarmlessAndEndsTheSession))]
    [DataRow(Flaw.BindsContents, typeof(FlawedBindings), nameof(BindingConformance.RunAsync_InputsRewritten_SeesTheNewElements))]
    [DataRow(Flaw.DisposesInputs, typeof(FlawedBindings), nameof(BindingConformance.RunAsync_Again_GivesTheSameAnswer))]
    [DataRow(Flaw.DisposesInputs, typeof(FlawedBindings), nameof(BindingConformance.Dispose_BoundTensors_StayTheCallers))]
    [DataRow(Flaw.AcceptsUnfitTensors, typeof(FlawedBindings), nameof(BindingConformance.SetInput_WrongType_IsATypedError))]
    [DataRow(Flaw.AcceptsUnfitTensors, typeof(FlawedBindings), nameof(BindingConformance.SetInput_WrongRank_IsATypedError))]
    [DataRow(Flaw.AcceptsUnfitTensors, typeof(FlawedBindings), nameof(BindingConformance.SetInput_WrongLength_IsATypedError))]
    [DataRow(Flaw.RunsWhenDisposed, typeof(FlawedBindings), nameof(BindingConformance.Dispose_Twice_IsHarmlessAndEndsTheBinding))]
    [DataRow(Flaw.AllocatesEachRun, typeof(FlawedBindings), nameof(BindingConformance.RunAsync_Steady_AllocatesNothing))]
    [DataRow(Flaw.KeepsFirstInputs, typeof(FlawedBindings), nameof(BindingConformance.SetInput_OtherBatchSizes_AreServedByOneBinding))]
    [DataRow(Flaw.WrongElements, typeof(FlawedBindings), nameof(BindingConformance.SetInput_Slice_ReadsOnlyItsRows))]
    [DataRow(Flaw.WrongElements, typeof(FlawedBindings), nameof(BindingConformance.SetInput_ReadOnlyHostTensor_IsAccepted))]
    [DataRow(Flaw.IgnoresIndexes, typeof(FlawedBindings), nameof(BindingConformance.Indexes_OutsideTheSignature_Throw))]
    [DataRow(Flaw.RunsWithoutInputs, typeof(FlawedBindings), nameof(BindingConformance.RunAsync_InputMissing_IsATypedError))]
    [DataRow(Flaw.IgnoresBoundOutputs, typeof(FlawedOutputs), nameof(OutputConformance.SetOutput_Bound_IsWrittenInPlace))]
    [DataRow(Flaw.IgnoresBoundOutputs, typeof(FlawedOutputs), nameof(OutputConformance.SetOutput_WrongLengths_IsATypedError))]
    [DataRow(Flaw.HandsOverTwice, typeof(FlawedOutputs), nameof(OutputConformance.GetOutput_Twice_ThrowsUntilTheNextRun))]
    [DataRow(Flaw.ReusesHandedOverOutputs, typeof(FlawedOutputs), nameof(OutputConformance.GetOutput_HandedOver_IsNotTouchedByLaterRuns))]
    [DataRow(Flaw.GivesOutputsWithoutRun, typeof(FlawedOutputs), nameof(OutputConformance.GetOutput_BeforeAnyRun_Throws))]
    [DataRow(Flaw.WritesUnboundOutputs, typeof(FlawedOutputs), nameof(OutputConformance.SetOutput_Null_AllocatesAgainAndLeavesTheEarlierTensor))]
    [DataRow(Flaw.TakesOutputsBack, typeof(FlawedOutputs), nameof(OutputConformance.GetOutput_HandedOver_OutlivesTheSession))]
    [DataRow(Flaw.IgnoresCancelledRun, typeof(FlawedCancellation), nameof(CancellationConformance.RunAsync_CancelledBefore_Throws))]
    [DataRow(Flaw.WrongElements, typeof(FlawedCancellation), nameof(CancellationConformance.RunAsync_CancelledOnItsWay_CancelsOrIsRight))]
    [DataRow(Flaw.WrongElements, typeof(FlawedCancellation), nameof(CancellationConformance.RunAsync_CancelledAfterwards_KeepsItsOutputs))]
    [DataRow(Flaw.IgnoresCancelledRun, typeof(FlawedCancellation), nameof(CancellationConformance.RunAsync_OneCancelled_TheOtherIsRight))]
    [DataRow(Flaw.SharesInputsAmongBindings, typeof(FlawedConcurrency), nameof(ConcurrencyConformance.RunAsync_BindingsTakeTurns_KeepTheirOwnTensors))]
    [DataRow(Flaw.WrongElements, typeof(FlawedConcurrency), nameof(ConcurrencyConformance.RunAsync_UpToMaxConcurrentRuns_AnswersAreRight))]
    [DataRow(Flaw.WrongElements, typeof(FlawedConcurrency), nameof(ConcurrencyConformance.RunAsync_TwoSessions_AnswersAreRight))]
    [DataRow(Flaw.WrongElements, typeof(FlawedConcurrency), nameof(ConcurrencyConformance.OpenSessionAsync_WhileAnotherRuns_HarmsNeither))]
    [DataRow(Flaw.Misaligned, typeof(FlawedMemories), nameof(MemoryConformance.Allocate_EverySize_IsAligned))]
    [DataRow(Flaw.ShortBlocks, typeof(FlawedMemories), nameof(MemoryConformance.Allocate_EverySize_IsDescribedRightly))]
    [DataRow(Flaw.NeverOutOfMemory, typeof(FlawedMemories), nameof(MemoryConformance.Allocate_FarTooMuch_ThrowsOutOfMemory))]
    [DataRow(Flaw.CopiesMismatched, typeof(FlawedMemories), nameof(MemoryConformance.CopyAsync_Mismatch_ThrowsInvalidInput))]
    [DataRow(Flaw.CopiesNothing, typeof(FlawedMemories), nameof(MemoryConformance.CopyAsync_RoundTrip_KeepsEveryElement))]
    [DataRow(Flaw.CopiesNothing, typeof(FlawedMemories), nameof(MemoryConformance.CopyAsync_Slice_WritesOnlyItsRows))]
    [DataRow(Flaw.CopiesNothing, typeof(FlawedMemories), nameof(MemoryConformance.CopyAsync_Cancelled_Throws))]
    [DataRow(Flaw.OverlappingBlocks, typeof(FlawedMemories), nameof(MemoryConformance.CopyAsync_ManyBlocks_DoNotOverlap))]
    [DataRow(Flaw.CopiesNothing, typeof(FlawedMemories), nameof(MemoryConformance.Allocate_Concurrently_IsSafe))]
    [DataRow(Flaw.ClaimsDeviceMemory, typeof(FlawedMemories), nameof(MemoryConformance.Allocate_NotHostAccessible_CannotBeViewed))]
    [DataRow(Flaw.KeepsBlocks, typeof(FlawedMemories), nameof(MemoryConformance.Dispose_BlockTwice_IsHarmless))]
    [DataRow(Flaw.UntypedFaults, typeof(FlawedFaults), nameof(FaultConformance.RunAsync_DeviceFails_ThrowsDeviceFault))]
    [DataRow(Flaw.FaultOfNoDevice, typeof(FlawedFaults), nameof(FaultConformance.RunAsync_DeviceFails_ThrowsDeviceFault))]
    [DataRow(Flaw.UntypedFaults, typeof(FlawedFaults), nameof(FaultConformance.OpenSessionAsync_DeviceFails_ThrowsDeviceFault))]
    [DataRow(Flaw.NeverFails, typeof(FlawedFaults), nameof(FaultConformance.GetOutput_AfterAFault_Throws))]
    [DataRow(Flaw.NeverFails, typeof(FlawedFaults), nameof(FaultConformance.RunAsync_AfterAFault_IsRightAgain))]
    [DataRow(Flaw.LanesStayBusy, typeof(FlawedFaults), nameof(FaultConformance.GetStatus_AfterAFault_DoesNotThrow))]
    public async Task Suite_FlawedProvider_Fails(Flaw flaw, Type suite, string test)
    {
        var error = await RunAsync(flaw, suite, test);
        Assert.IsNotNull(error, $"{suite.Name}.{test} did not notice {flaw}.");

        // Anything else would be the flawed device stumbling over itself.
        Assert.IsTrue(error is AssertFailedException or ObjectDisposedException or EdgeAIException, $"{suite.Name}.{test} at {flaw}: {error}");
    }

    [TestMethod]
    public void EveryTest_OfTheSuites_HasAFlawThatItCatches()
    {
        var caught = typeof(SuiteCanFailTests).GetMethod(nameof(Suite_FlawedProvider_Fails))!
            .GetCustomAttributes<DataRowAttribute>().Select(row => (string)row.Data[2]!).ToHashSet();
        var tests = typeof(ConformanceSuite).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(ConformanceSuite)))
            .SelectMany(suite => suite.GetMethods()).Where(method => method.IsDefined(typeof(TestMethodAttribute))).Select(method => method.Name);
        Assert.AreEqual("", string.Join(", ", tests.Except(caught)));
    }

    [TestMethod]
    [DataRow(typeof(FlawedDiscovery))]
    [DataRow(typeof(FlawedDevices))]
    [DataRow(typeof(FlawedSessions))]
    [DataRow(typeof(FlawedBindings))]
    [DataRow(typeof(FlawedOutputs))]
    [DataRow(typeof(FlawedCancellation))]
    [DataRow(typeof(FlawedConcurrency))]
    [DataRow(typeof(FlawedMemories))]
    [DataRow(typeof(FlawedFaults))]
    public async Task Suite_SoundProvider_Passes(Type suite)
    {
        foreach (var test in suite.GetMethods().Where(method => method.IsDefined(typeof(TestMethodAttribute), inherit: true)))
        {
            if (test.Name == nameof(BindingConformance.RunAsync_Steady_AllocatesNothing)) continue;
            var error = await RunAsync(Flaw.None, suite, test.Name);
            Assert.IsNull(error, $"{test.Name} fails without a flaw: {error}");
        }
    }

    [TestMethod]
    public void Coverage_SuitesMissing_NamesEach()
    {
        var error = Assert.ThrowsExactly<AssertFailedException>(() => new OmitsOneThatIsDerived().EverySuite_IsDerivedOrOmittedWithAReason());
        StringAssert.Contains(error.Message, "MemoryConformance is derived and omitted");
        StringAssert.Contains(error.Message, "omitted without a reason");
    }

    private static async Task<Exception?> RunAsync(Flaw flaw, Type suite, string test)
    {
        var instance = (ConformanceSuite)Activator.CreateInstance(suite, flaw)!;
        await instance.InitializeAsync();
        try
        {
            if (suite.GetMethod(test)!.Invoke(instance, null) is Task task) await task;
            return null;
        }
        catch (TargetInvocationException exception)
        {
            return exception.InnerException;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            await instance.CleanupAsync();
        }
    }
}
