namespace NativeVm.Testing;

/// <summary>
/// On an act that ends what it works on, such as a disposal: it is neither repeated nor is the state
/// verified afterwards, and as many reservations as calls were refused may stay, because the
/// system would not take them back.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EndsStateAttribute : Attribute;
