/** Style sheets are imported for the bundler to collect; they give a module nothing. */
declare module '*.css';
