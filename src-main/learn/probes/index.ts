/** @file Probes: heads on frozen embeddings that measure what an encoder knows, by published protocols. */
export { probeGradients, probeLogits, probeLoss, probeParameters, probeWeights } from './probe.ts';
export type { ProbeBatch, ProbeShape } from './probe.ts';
export { probeHeads, protocolNames, protocols } from './protocols.ts';
export type { ProbedTask, ProbeHead, Protocol, ProtocolName } from './protocols.ts';
export { ProbeCourse } from './rates.ts';
export type { ProbeKind, ProbeReading, ProbeSchedule, ProbeTrial } from './trial.ts';
