namespace Reeve.Tests.Simulation.World;

/// <summary>Stands for the end of a process: whoever sees it does nothing more.</summary>
public sealed class SimulatedCrash() : Exception("The process is gone.");
