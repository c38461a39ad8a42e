using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Models;

/// <summary>Says how many tokens a request will cost before it is sent, rather too many than too few.</summary>
/// <remarks>
/// A message and a tool are counted once and remembered by reference, so that a growing conversation costs what is
/// new in it. The count is at worst five in a hundred below the provider's own.
/// </remarks>
public interface ITokenCounter
{
    long CountText(string text);

    long Count(Message message);

    long Count(ToolDescription tool);
}
