-- Deterministic rows for the demo's schema: 2,000 users with profiles, 10,000 posts, 40,000 comments, 50 categories.
TRUNCATE "users", "profiles", "posts", "categories", "comments", "_CategoryToPost" RESTART IDENTITY CASCADE;
INSERT INTO "users" ("email", "username", "password", "updatedAt")
  SELECT 'user' || i || '@example.com', 'user' || i, 'secret', now() FROM generate_series(1, 2000) i;
INSERT INTO "profiles" ("bio", "avatar", "userId", "updatedAt")
  SELECT 'bio of user ' || i, 'avatars/' || i || '.png', i, now() FROM generate_series(1, 2000) i;
INSERT INTO "categories" ("name", "updatedAt") SELECT 'category ' || i, now() FROM generate_series(1, 50) i;
INSERT INTO "posts" ("title", "content", "published", "authorId", "createdAt", "updatedAt")
  SELECT 'post ' || i, repeat('words of post ' || i || ' ', 10), i % 3 > 0, (i - 1) % 2000 + 1,
    timestamp '2026-01-01' + i * interval '1 minute', now()
  FROM generate_series(1, 10000) i;
INSERT INTO "_CategoryToPost" ("A", "B")
  SELECT (i * 7 + k * 19) % 50 + 1, i FROM generate_series(1, 10000) i, generate_series(0, 1) k;
INSERT INTO "comments" ("content", "postId", "authorId", "updatedAt")
  SELECT 'comment ' || i, (i - 1) % 10000 + 1, i % 2000 + 1, now() FROM generate_series(1, 40000) i;
ANALYZE;
