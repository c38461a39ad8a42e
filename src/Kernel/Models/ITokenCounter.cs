namespace Reeve.Kernel.Models;

/// <summary>Counts tokens without asking anybody; never below the provider's own count by more than 5 %.</summary>
public interface ITokenCounter
{
    int Count(string text);
}
