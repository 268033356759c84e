const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const shape = new RegExp(
  String.raw`^(?:${days.join('|')}) (${months.join('|')}) (\d{1,2}) ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d) (?:UTC|GMT) (\d{4})$`,
);

/**
 * Reads a TIMESTAMP and writes it as Cognito's clients do: `EEE MMM d HH:mm:ss UTC yyyy`, English, day not padded.
 * What differs from that, such as a padded day or a wrong weekday, makes the proof a wrong one without being unreadable
 * (ministackorg/ministack#1758).
 * @returns undefined where the text is no timestamp at all
 */
export function canonicalTimestamp(text: string): string | undefined {
  const [, month = '', day, time = '', year = ''] = shape.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), months.indexOf(month), Number(day)));
  // A day that the month does not have runs over into another one.
  if (date.getUTCDate() !== Number(day)) return undefined;
  return `${days[date.getUTCDay()] ?? ''} ${month} ${Number(day)} ${time} UTC ${year}`;
}
