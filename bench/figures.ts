/** What one run of `npm run bench` measured. The names and the shape are read by programs. */
export interface Figures {
  /** The CPU work of one SRP sign-in, from the random exponent to the signature, in ms. */
  readonly srp: {
    readonly oursMs: number;
    readonly amazonCognitoIdentityJsMs: number;
    readonly cognitoSrpHelperMs: number;
    /** Three bare native powers, with the exponents of that sign-in. */
    readonly floorMs: number;
  };
  /** Sign-ins without SRP, by how many are in flight at once. */
  readonly throughput: Readonly<Record<'1' | '10' | '100', Throughput>>;
  /** Messages per second, the time of the empty chain taken off. */
  readonly token: { readonly oursPerS: number; readonly changeNodePerS: number; readonly ratio: number };
  /** Requiring all nodes, and requiring the SDK's client, in processes of their own. */
  readonly load: { readonly oursMs: number; readonly oursMb: number; readonly sdkMs: number; readonly sdkMb: number };
  /** The longest that the event loop is held up: 50 SRP sign-ins at once, and 50 bare SDK calls one after the other. */
  readonly stall: {
    readonly oursMs: number;
    readonly bareSdkMs: number;
    readonly amazonCognitoIdentityJsMs: number;
    readonly cognitoSrpHelperMs: number;
  };
  /** The heap that a sign-in in flight takes, and by how much it grows over 20,000 of them, in bytes. */
  readonly memory: { readonly bytesInFlight: number; readonly growthBytesPer20000: number };
}

export interface Throughput {
  /** Through the node. */
  readonly oursPerS: number;
  /** The same calls by the SDK alone. */
  readonly barePerS: number;
  /** The median of the rounds' own ratios: what slows the machine down for a while then counts for both. */
  readonly ratio: number;
  /** What the node adds to a sign-in, in µs. */
  readonly addedUs: number;
}
