const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * The TIMESTAMP of an SRP proof, `EEE MMM d HH:mm:ss UTC yyyy`: English and UTC wherever this runs, the day of the
 * month without padding. Cognito takes anything else for a wrong password (ministackorg/ministack#1758).
 * @param ms ms since 1970
 */
export function srpTimestamp(ms: number): string {
  const date = new Date(ms);
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(':');
  return `${days[date.getUTCDay()] ?? ''} ${months[date.getUTCMonth()] ?? ''} ${date.getUTCDate()} ${time} UTC ${date.getUTCFullYear()}`;
}
