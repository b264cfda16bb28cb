/** @file Probes: heads on frozen embeddings that measure what an encoder knows, by published protocols. */
export { layerShares, probeGradients, probeLogits, probeLoss, probeParameters, probeWeights } from './probe.ts';
export type { ProbeBatch, ProbeShape } from './probe.ts';
export { layerUses, probeHeads, protocolNames, protocols } from './protocols.ts';
export type { LayerUse, ProbedTask, ProbeHead, Protocol, ProtocolName } from './protocols.ts';
export { ProbeCourse } from './rates.ts';
export type { ProbeKind, ProbeReading, ProbeSchedule, ProbeTrial } from './trial.ts';
