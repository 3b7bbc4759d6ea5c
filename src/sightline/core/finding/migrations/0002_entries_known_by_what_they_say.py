"""Makes the index anew, with what an entry says as its key: what is derived need not be carried over, for it is rebuilt after migrating."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('finding', '0001_initial'),
        ('people', '0002_contact_points_and_merges'),
    ]

    operations = [
        migrations.DeleteModel(name='Entry'),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('pk', models.CompositePrimaryKey('kind', 'key', 'person_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=200)),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.person')),
            ],
            options={
                'verbose_name_plural': 'entries',
                'indexes': [models.Index(fields=['person', 'kind'], name='finding_entry_person'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('kind', 'address')), fields=['key'], name='finding_entry_address', opclasses=['gin_trgm_ops'])],
            },
        ),
    ]
