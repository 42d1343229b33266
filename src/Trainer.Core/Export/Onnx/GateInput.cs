namespace Trainer.Core.Export.Onnx;

/// <summary>The input of an exported graph.</summary>
public enum GateInput
{
    /// <summary>Bytes of a picture of any size; crop, resize and normalisation are in the graph.</summary>
    Picture,

    /// <summary>Normalised pixels, float32 [N, 3, E, E]; the app does the preprocessing.</summary>
    Tensor,
}
