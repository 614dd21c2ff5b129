// The door of figures: what became of a campaign's messages, over time and by what they have in common.
export { FigureSource } from './remember.ts';
export { figureRoutes } from './routes.ts';
