/** @file The contract seen from the side that carries it out: one plain function a procedure. */
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from './contract.ts';

type Inputs = InferContractRouterInputs<Contract>;
type Outputs = InferContractRouterOutputs<Contract>;

/** Carries out a procedure: takes the checked input, and a signal that fires when the caller goes away. */
export type Handler<Input, Output> = (input: Input, signal: AbortSignal) => Output | Promise<Output>;

type ValidatedInput<Subject extends keyof Contract, Verb extends keyof Contract[Subject]> = Contract[Subject][Verb] extends {
  '~orpc': { inputSchema?: infer Schema };
}
  ? NonNullable<Schema> extends { '~standard': { types?: { output: infer Output } | undefined } }
    ? Output
    : void
  : Inputs[Subject][Verb & keyof Inputs[Subject]];

/** A stream of events may be any async generator. */
type Answer<Output> = Output extends AsyncIterator<infer Event, unknown, unknown> ? AsyncGenerator<Event, void, void> : Output;

/** Every procedure of the contract as a function; `rpc` checks what goes in and out. */
export type Handlers = {
  [Subject in keyof Contract]: {
    [Verb in keyof Contract[Subject]]: Handler<ValidatedInput<Subject, Verb>, Answer<Outputs[Subject][Verb & keyof Outputs[Subject]]>>;
  };
};
