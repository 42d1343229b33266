namespace Trainer.Core.Export.Web;

/// <summary>What the page knows of its gate, beside the model: gate.json.</summary>
/// <param name="Name">What the subject is called, for people.</param>
/// <param name="Model">The model's file name.</param>
/// <param name="Size">Edge of the network's input in pixels: the page hands over pictures of twice that and more.</param>
/// <param name="Threshold">Cosine from which a picture is accepted.</param>
/// <param name="PromisedAcceptRate">Share of the subject's pictures that it is meant to accept, 0 to 1.</param>
/// <param name="Precision">What the model computes in: "fp32", "int8".</param>
/// <param name="CentroidSha256">Tells gates apart.</param>
/// <param name="Offline">True when the page shall keep itself for use without a network.</param>
public sealed record WebGate(
    string Name,
    string Model,
    int Size,
    float Threshold,
    double PromisedAcceptRate,
    string Precision,
    string CentroidSha256,
    bool Offline);
