/* What the tests use of amazon-cognito-identity-js's inner modules, which come without types. */

declare module 'amazon-cognito-identity-js/lib/BigInteger' {
  export default class BigInteger {
    constructor(digits: string, radix: number);
    toString(radix: number): string;
  }
}

declare module 'amazon-cognito-identity-js/lib/AuthenticationHelper' {
  import type BigInteger from 'amazon-cognito-identity-js/lib/BigInteger';

  export default class AuthenticationHelper {
    constructor(poolName: string);
    smallAValue: BigInteger;
    largeAValue: BigInteger;
    padHex(value: BigInteger): string;
    generateHashDevice(deviceGroupKey: string, deviceKey: string, callback: (error: Error | null) => void): void;
    getRandomPassword(): string;
    getSaltDevices(): string;
    getVerifierDevices(): string;
    getPasswordAuthenticationKey(
      username: string,
      password: string,
      serverBValue: BigInteger,
      salt: BigInteger,
      callback: (error: Error | null, key: Uint8Array) => void,
    ): void;
  }
}

declare module 'amazon-cognito-identity-js/lib/DateHelper' {
  export default class DateHelper {
    getNowString(): string;
  }
}
