import { LocalCognito } from '@cognito-flows/local-cognito';

/* The local user pool in a process of its own, so that its work does not count as ours. It tells its parent where. */

void new LocalCognito().listen(0).then((endpoint) => process.send?.(endpoint));
process.on('disconnect', () => process.exit());
