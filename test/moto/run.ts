import { runSpecs } from '../support/run-specs';
import { hasMoto } from './moto-server';

runSpecs('moto', __dirname, hasMoto() ? undefined : 'moto_server is not on this machine (pip install "moto[server]")');
