import type { InputName } from './inputs';

/** One parameter of a request, and the input that fills it. */
export interface Field {
  readonly input: InputName;
  /** The key in AuthParameters or ChallengeResponses. */
  readonly parameter: string;
  readonly required: boolean;
}

/** What one request of a sign-in is made of: a row in the tables of flows and of challenges. */
export interface Step {
  readonly fields: readonly Field[];
  /** Sends SRP_A: made here when what it proves is given, handed on when it was made elsewhere. */
  readonly srp?: {
    readonly required: boolean;
    readonly proves: Provable;
    /** What announces the SRP_A. */
    readonly announcedBy?: Readonly<Record<string, string>>;
  };
  /** Lets a method be chosen; what the chosen method needs is sent along when it is given. */
  readonly methods?: { readonly choice: InputName; readonly table: Readonly<Record<string, Step>> };
  /** What can be chosen, by the names that Cognito has today. */
  readonly choices?: readonly string[];
  /** A TOTP secret can stand in for the code. */
  readonly totp?: true;
  /** Is answered by the proof whose SRP_A went before. */
  readonly verifies?: Provable;
}

/** What SRP proves without sending it. */
export type Provable = 'password' | 'device';

/** The inputs that each proof is made from. */
export const provableInputs = {
  password: ['password'],
  device: ['deviceKey', 'deviceGroupKey', 'devicePassword'],
} as const satisfies Record<Provable, readonly InputName[]>;

/** A parameter that the request can't do without. */
export function required(input: InputName, parameter: string): Field {
  return { input, parameter, required: true };
}

/** A parameter that is sent when its input has a value. */
export function optional(input: InputName, parameter: string): Field {
  return { input, parameter, required: false };
}

/** Every input that a step can use. */
export function inputsOf(step: Step): InputName[] {
  const methods = step.methods ? [step.methods.choice, ...Object.values(step.methods.table).flatMap(inputsOf)] : [];
  const names = [
    ...step.fields.map(({ input }) => input),
    ...(step.srp ? ([...provableInputs[step.srp.proves], 'srpA'] as const) : []),
    ...(step.totp ? (['totpSecret'] as const) : []),
    ...methods,
  ];
  return [...new Set(names)];
}
