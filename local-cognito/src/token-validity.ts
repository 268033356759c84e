import type { ClientConfig, TimeUnit } from './config';

const secondsPer: Record<TimeUnit, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** How long a client's tokens live, in seconds, Cognito's defaults filled in. */
export function clientSeconds(client: ClientConfig): { accessToken: number; idToken: number; refreshToken: number } {
  const units = client.tokenValidityUnits;
  const seconds = (validity: number | undefined, unit: TimeUnit, whenUnset: number) =>
    validity === undefined ? whenUnset : validity * secondsPer[unit];
  return {
    accessToken: seconds(client.accessTokenValidity, units?.accessToken ?? 'hours', 3600),
    idToken: seconds(client.idTokenValidity, units?.idToken ?? 'hours', 3600),
    refreshToken: seconds(client.refreshTokenValidity, units?.refreshToken ?? 'days', 30 * 86_400),
  };
}
