export { EXIT, type ExitCode } from './exit-codes.ts';
export { main, type ProgramName } from './main.ts';
